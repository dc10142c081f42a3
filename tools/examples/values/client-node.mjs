export default async () => ({ notRun: { createClientNode: 'listens on ports' } })
