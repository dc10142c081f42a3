import { jwtVerify } from 'jose'
import type { GuardOptions } from './guard.ts'

/** As at go-ethereum. */
const defaultMaxAgeSeconds = 60

/**
 * Whether an Authorization header carries a valid token: a JWT signed with the secret by HS256, not expired, not before its
 * time, and not older than the maximum age, or with an end of its own. The clock may be off by ten seconds.
 * SPEC: RFC 7519, 4.1; go-ethereum's JWT authentication: a token without `iat` is refused, one older than a minute is stale.
 */
export async function isTokenValid(
  header: string | undefined,
  { tokenSecret, tokenMaxAgeSeconds = defaultMaxAgeSeconds }: GuardOptions,
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
      // `maxTokenAge` needs an `iat`, and one that is not ahead of us.
      ...(tokenMaxAgeSeconds > 0 ? { maxTokenAge: tokenMaxAgeSeconds } : { requiredClaims: ['exp'] })
    })
    return true
  } catch {
    return false
  }
}
