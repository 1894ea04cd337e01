"""What operators see of the portal: signs of life, log lines, numbers, reported faults (docs/operations.md)."""
