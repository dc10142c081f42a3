import { expect, test } from 'vitest'
import { childEnvironment, secretVariables } from '../../src/child-environment.ts'
import { settingKinds } from '../../src/setting-kinds.ts'

test('programs of the person’s get all of the environment but what may hold a password', () => {
  const given = { PATH: '/bin', STATUS_STACK_PASSWORD: 'secret', STATUS_STACK_MAILSERVERS: 'enode://…:secret@host:1' }
  expect(childEnvironment(given)).toEqual({ PATH: '/bin' })
  expect(given.STATUS_STACK_PASSWORD).toBe('secret')
  // What may not stand in an argument list may not be handed on either.
  const guarded = Object.values(settingKinds).filter(kind => 'checkFlag' in kind)
  expect(guarded.length).toBeGreaterThan(0)
  for (const { variable } of guarded) expect(secretVariables).toContain(variable)
})
