"""What LIBERO's recordings store of a moment, read from the simulator itself.

robosuite's own observables are switched off. They sample at a phase of the control step that resets shift,
so that a picture can be zeros, or late by a step.
"""
import math

import numpy as np

# {name of a camera here: (its name in the simulator, its key in the recordings)}
CAMERAS = {'agentview': ('agentview', 'agentview_rgb'),
           'eye_in_hand': ('robot0_eye_in_hand', 'eye_in_hand_rgb')}

LEAST_DRAWN = 128       # pixels, as of LIBERO's recordings: a smaller drawing lacks thin things


def switch_observables_off(env):
    """Stops robosuite from evaluating its sensors 25 times a control step.

    Args:
        env: LIBERO's `ControlEnv`.
    """
    for name in env.env.observation_names:
        env.env.modify_observable(name, 'enabled', False)


def vectors(env):
    """{key of LIBERO's recordings: float64 array} of the robot, now.

    `robot_states` [9] stands beside `obs` in a recording, the others in it.

    Args:
        env: LIBERO's `ControlEnv`.
    """
    robot, data = env.robots[0], env.sim.data
    position = np.array(data.site_xpos[robot.eef_site_id])
    w, x, y, z = data.get_body_xquat(robot.robot_model.eef_name)
    quaternion = np.array([x, y, z, w])
    gripper = np.array([data.qpos[index] for index in robot._ref_gripper_joint_pos_indexes])
    rotation = axis_angle(quaternion)
    return {'ee_pos': position, 'ee_ori': rotation, 'ee_states': np.concatenate([position, rotation]),
            'gripper_states': gripper, 'joint_states': np.array(robot._joint_positions),
            'robot_states': np.concatenate([gripper, position, quaternion])}


def axis_angle(quaternion):
    """[3] rotation vector of a quaternion [4] xyzw, as robosuite computes it: its length may pass pi."""
    w = min(max(float(quaternion[3]), -1.0), 1.0)
    sine = math.sqrt(1 - w * w)
    if math.isclose(sine, 0.0):
        return np.zeros(3)
    return quaternion[:3] * 2.0 * math.acos(w) / sine


def picture(env, camera, size):
    """[size, size, 3] uint8 by a camera, now; the first row is at the bottom, as LIBERO stores it.

    Args:
        env: LIBERO's `ControlEnv`, made with cameras.
        camera: key of `CAMERAS`.
        size: height and width, pixels; less than 128 are means over areas of a picture of 128.
    """
    import cv2

    # robosuite does not: of two scenes in a process one would be drawn with the textures of the other
    env.sim._render_context_offscreen.gl_ctx.make_current()
    side = max(size, LEAST_DRAWN)
    drawn = env.sim.render(width=side, height=side, camera_name=CAMERAS[camera][0])
    return drawn if side == size else cv2.resize(drawn, (size, size), interpolation=cv2.INTER_AREA)
