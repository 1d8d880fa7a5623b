"""The component library of all faces (see README.md beside this file)."""
