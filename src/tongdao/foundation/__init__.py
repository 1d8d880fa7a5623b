"""The ground floor: what every room stands on. No business noun lives here."""
