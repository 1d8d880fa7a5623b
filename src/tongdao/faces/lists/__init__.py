"""What staff list: columns, filters, saved filters and files, the same at the desk and over the API."""
