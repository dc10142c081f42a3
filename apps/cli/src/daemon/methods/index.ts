import { ownMethods } from './account.ts'
import { chatMethods } from './chats.ts'
import { messageMethods } from './messages.ts'
import type { MethodTable } from './method.ts'
import { peopleMethods } from './people.ts'

export type { AccountMethod } from './method.ts'

/** Every method but the subscriptions, by name. Documented in docs/daemon.md; a test compares the two. */
export const accountMethods: MethodTable = { ...ownMethods, ...chatMethods, ...messageMethods, ...peopleMethods }
