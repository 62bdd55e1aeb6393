"""How good an agent is, apart from learning.

The program `python -m tester` stands at the top, and imports what a program may. All else here
is handed environments and agents. Imports `utils` alone.
"""
