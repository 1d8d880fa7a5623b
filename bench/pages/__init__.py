"""Pages and API answers from kept fragments, against a static file of the same size (__main__)."""
