/** Variables that hold passwords, of profiles or in URLs. */
export const secretVariables = [
  'STATUS_STACK_PASSWORD',
  'STATUS_STACK_POSTGRES_URL',
  'STATUS_STACK_MAILSERVERS',
  'STATUS_STACK_SYNC_FROM'
] as const

/** The environment for an editor or a viewer, which reads what others have made and has no use for a password. */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = { ...environment }
  for (const name of secretVariables) delete kept[name]
  return kept
}
