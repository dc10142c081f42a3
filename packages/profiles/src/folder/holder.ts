import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { processMark } from '@status-stack/utils/process'
import { readTextFile } from '../files/read.ts'
import { limits } from '../limits.ts'
import type { Profile } from './profile.ts'

/** The process that has a profile open: what others are told of it, and where they may reach it. */
export interface Holder {
  /** Of the process. */
  readonly pid: number
  /** What it does, in one word: `chat`, `daemon`. */
  readonly command: string
  /** Path of the socket at which it shares the account. */
  readonly socket?: string | undefined
}

/** What the file holds: who it is in this container is somebody else in another. */
interface Written extends Holder {
  readonly mark?: string | undefined
}

export const holderPath = ({ folder }: Pick<Profile, 'folder'>): string => join(folder, 'holder.json')

/**
 * Says who has the profile open. Only the process that has the database open writes it. It is advice to others: the database's own
 * lock decides.
 *
 * @example
 * ```ts
 * await writeHolder(profile, { command: 'bot' })
 * ```
 */
export async function writeHolder(profile: Pick<Profile, 'folder'>, info: Omit<Holder, 'pid'>): Promise<void> {
  const text = `${JSON.stringify({ pid: process.pid, mark: processMark(), ...info })}\n`
  await writeFile(holderPath(profile), text, { mode: 0o600 }).catch(() => {})
}

/**
 * Takes back what this process has said with {@link writeHolder}.
 *
 * @example
 * ```ts
 * await removeHolder(profile)
 * ```
 */
export async function removeHolder(profile: Pick<Profile, 'folder'>): Promise<void> {
  if (await isHolder(profile)) await rm(holderPath(profile), { force: true })
}

/** Whether it is this process that says that it has the profile open. */
export async function isHolder(profile: Pick<Profile, 'folder'>): Promise<boolean> {
  return (await readWritten(profile))?.mark === processMark()
}

/**
 * `undefined` when there is none, or what is there makes no sense. A process that was killed leaves its own behind.
 *
 * @example
 * ```ts
 * const socket = (await readHolder(profile))?.socket
 * ```
 */
export async function readHolder(profile: Pick<Profile, 'folder'>): Promise<Holder | undefined> {
  const found = await readWritten(profile)
  if (found === undefined) return undefined
  const { mark: _, ...holder } = found
  return holder
}

async function readWritten(profile: Pick<Profile, 'folder'>): Promise<Written | undefined> {
  try {
    const { pid, command, socket, mark } = JSON.parse(
      await readTextFile(holderPath(profile), limits.holderBytes)
    ) as Record<string, unknown>
    if (typeof pid !== 'number' || typeof command !== 'string' || !/^[a-z-]{1,32}$/.test(command)) return undefined
    return {
      pid,
      command,
      ...(typeof socket === 'string' ? { socket } : {}),
      ...(typeof mark === 'string' ? { mark } : {})
    }
  } catch {
    return undefined
  }
}

/**
 * Whether a path is a socket of this user. A daemon that was killed may leave a path behind where another user makes a
 * socket of their own: nothing is ever said to that one.
 *
 * @example
 * ```ts
 * const mayConnect = await isOwnSocket('/run/bot/socket')
 * ```
 */
export async function isOwnSocket(path: string): Promise<boolean> {
  try {
    const found = await stat(path)
    return found.isSocket() && found.uid === process.getuid?.()
  } catch {
    return false
  }
}
