"""What operators see of the portal (docs/operations.md), and how it goes on while something it stands on is away."""
