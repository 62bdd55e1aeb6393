"""The true progress of a task, for goals that put one object on or into another."""
from typing import NamedTuple

import numpy as np

RELATIONS = ('on', 'in')
REACH, GRASP, LIFT, MOVE = 0.25, 0.15, 0.10, 0.40       # shares; what is left of 1 is the goal itself
HIGH_M = 0.05           # a lift of this height counts as a whole one


class Moment(NamedTuple):
    """What progress is computed from.

    Attributes:
        gripper_object: grip site to the origin of the object, m.
        object_goal_xy: origin of the object to that of the goal, horizontally, m.
        height: of the object, m.
        grasped: whether both fingers touch the object.
    """

    gripper_object: float
    object_goal_xy: float
    height: float
    grasped: bool


def progress(start, now, success):
    """A number in [0, 1] by the formula of the README of LIBERO's simulated data; 1 only at the goal.

    `0.25 (1 - d_go/d_go0) + 0.15 grasped + 0.10 grasped min(lift/5 cm, 1) + 0.40 (1 - d_xy/d_xy0)`, with
    ratios of at most 1.

    Args:
        start: `Moment` of the first state of the episode.
        now: `Moment` of the present state.
        success: whether the goal holds.
    """
    if success:
        return 1.0
    lift = min(max(now.height - start.height, 0.0) / HIGH_M, 1.0)
    return float(REACH * (1 - _share(now.gripper_object, start.gripper_object)) + now.grasped * (
        GRASP + LIFT * lift) + MOVE * (1 - _share(now.object_goal_xy, start.object_goal_xy)))


def _share(distance, first):
    return min(distance / first, 1.0) if first > 0 else 0.0


def goal_of(env):
    """(object, its goal) of a task, names; None if the goal is not one relation of a movable object.

    Args:
        env: LIBERO's `ControlEnv`.
    """
    goals = env.env.parsed_problem['goal_state']
    if len(goals) != 1 or len(goals[0]) != 3 or goals[0][0].lower() not in RELATIONS:
        return None
    _, thing, target = goals[0]
    return (thing, target) if thing in env.env.objects_dict else None


def moment(env, goal):
    """The `Moment` of the present state.

    Args:
        env: LIBERO's `ControlEnv`.
        goal: what `goal_of` returned.
    """
    thing, target = (np.array(env.env.object_states_dict[name].get_geom_state()['pos']) for name in goal)
    robot = env.robots[0]
    grip = env.sim.data.site_xpos[robot.eef_site_id]
    geoms, model = robot.gripper.important_geoms, env.env.objects_dict[goal[0]]
    grasped = all(env.env.check_contact(geoms[side], model) for side in ('left_finger', 'right_finger'))
    return Moment(float(np.linalg.norm(grip - thing)), float(np.linalg.norm((thing - target)[:2])),
                  float(thing[2]), grasped)
