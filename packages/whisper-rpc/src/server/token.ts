import { jwtVerify } from 'jose'
import type { GuardOptions } from './guard.ts'

/**
 * Whether an Authorization header carries a valid token: a JWT signed with the secret by HS256, not expired, not before its
 * time, and not older than the maximum age. The clock may be off by ten seconds.
 */
export async function isTokenValid(
  header: string | undefined,
  { tokenSecret, tokenMaxAgeSeconds = 0 }: GuardOptions,
  now = new Date()
): Promise<boolean> {
  if (tokenSecret === undefined) return true
  const token = /^Bearer ([\w.-]+)$/i.exec(header ?? '')?.[1]
  if (token === undefined) return false
  try {
    await jwtVerify(token, tokenSecret, {
      algorithms: ['HS256'],
      clockTolerance: 10,
      currentDate: now,
      ...(tokenMaxAgeSeconds > 0 ? { maxTokenAge: tokenMaxAgeSeconds } : {})
    })
    return true
  } catch {
    return false
  }
}
