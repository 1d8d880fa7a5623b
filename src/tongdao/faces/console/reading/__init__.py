"""What only the console reads. Everything runs in the merchant's scope and writes nothing."""
