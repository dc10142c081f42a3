export default async (_own, use) => {
  const { createWhisper } = await use('@status-stack/whisper')
  return {
    values: { whisper: () => createWhisper({}, { powWorkers: 0 }), location: () => undefined },
    notRun: {
      createLevelStore: 'writes a folder',
      createMailserver: 'writes a folder',
      createPostgresStore: 'needs PostgreSQL'
    }
  }
}
