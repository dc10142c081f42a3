/** What the process says with its exit code. Documented in README.md; never renumbered. */
export const exitCodes = Object.freeze({
  ok: 0,
  /** Something failed while it ran. */
  failed: 1,
  /** Wrong arguments. */
  usage: 2,
  /** The password does not open the profile, or none was given. */
  password: 3,
  /** No peer could be reached in time. */
  unreachable: 4,
  /** Another process uses the profile. */
  locked: 5,
  /** The profile does not exist, exists already, or its files are damaged. */
  profile: 6,
  /** Not acknowledged within the time asked for. */
  unacknowledged: 7,
  /** The disk, or the user's share of it, is full. */
  full: 8,
  /** Ended by Ctrl-C or SIGTERM. */
  interrupted: 130
})

export type ExitName = keyof typeof exitCodes
