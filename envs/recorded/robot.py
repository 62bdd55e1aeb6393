"""Facts about LIBERO's robot and its recordings, for every format that holds them."""
import numpy as np

GOAL_STEPS = 10     # a success is recorded until the goal has held for this many steps
# an action is undone by the opposite motion of the arm and the same action of the gripper
BACKWARD = np.float32([-1, -1, -1, -1, -1, -1, 1])
