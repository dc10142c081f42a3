/** What a shell can complete that is not in its script: `status-stack complete-words` knows it when it is asked. */
export const wordKinds = ['channels', 'chats', 'contacts', 'groups', 'profiles', 'reactions'] as const

export type WordKind = (typeof wordKinds)[number]
