"""Lists recorded episodes of any format: `python -m envs.recorded DIR`."""
from envs.recorded.listing import program

if __name__ == '__main__':
    program()
