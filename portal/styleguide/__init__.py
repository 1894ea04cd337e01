"""A living page with each component in each state, light and dark, in both languages; routed in development only."""
