"""Files that are read, written and sent: market data, tables, archives, downloads in parts."""
