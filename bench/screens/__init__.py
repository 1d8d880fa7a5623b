"""`make screens`: every page of every face in its states, light and dark, two languages, phone and desk."""
