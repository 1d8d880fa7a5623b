"""What plans stand on: a draft tried on sales that were made, and grades by a promoter's own sales."""
