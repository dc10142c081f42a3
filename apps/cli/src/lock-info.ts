import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readTextFile } from './files.ts'
import { limits } from './limits.ts'
import type { Profile } from './profile.ts'

/** Which process has the profile open: what others are told, and where they may reach it. */
export interface LockInfo {
  readonly pid: number
  /** `chat`, `listen`, `daemon`. */
  readonly command: string
  /** Path of the daemon's socket. */
  readonly socket?: string | undefined
}

const lockInfoFile = {
  what: 'the note of who has the profile open',
  maxBytes: limits.lockInfoBytes,
  code: 'damaged',
  exit: 'profile'
} as const

const fileOf = (profile: Profile): string => join(profile.folder, 'holder.json')

/** Only the process that has the database open writes it. It is advice to others: the database's own lock decides. */
export async function writeLockInfo(profile: Profile, info: Omit<LockInfo, 'pid'>): Promise<void> {
  const text = `${JSON.stringify({ pid: process.pid, ...info })}\n`
  await writeFile(fileOf(profile), text, { mode: 0o600 }).catch(() => {})
}

export async function removeLockInfo(profile: Profile): Promise<void> {
  const info = await readLockInfo(profile)
  if (info?.pid === process.pid) await rm(fileOf(profile), { force: true })
}

/** `undefined` when there is none, or what is there makes no sense. A process that was killed leaves its own behind. */
export async function readLockInfo(profile: Profile): Promise<LockInfo | undefined> {
  try {
    const { pid, command, socket } = JSON.parse(await readTextFile(fileOf(profile), lockInfoFile)) as Record<
      string,
      unknown
    >
    if (typeof pid !== 'number' || typeof command !== 'string' || !/^[a-z-]{1,32}$/.test(command)) return undefined
    return { pid, command, ...(typeof socket === 'string' ? { socket } : {}) }
  } catch {
    return undefined
  }
}

/**
 * Whether a path is a socket of this user. A daemon that was killed may leave a path behind where another user makes a
 * socket of their own: nothing is ever said to that one.
 */
export async function isOwnSocket(path: string): Promise<boolean> {
  try {
    const found = await stat(path)
    return found.isSocket() && found.uid === process.getuid?.()
  } catch {
    return false
  }
}
