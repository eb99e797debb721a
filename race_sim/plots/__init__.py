"""Figures of recorded races and of what was made of them; `matplotlib.figure.Figure` objects, never pyplot."""
