export default async own => {
  const simulation = () => own.createSimulation({ seed: '1' })
  return {
    others: ['@status-stack/whisper'],
    values: {
      whisper: () => ({ trustPeer: () => {} }),
      simulation,
      link: () => ({ peerId: '', flags: {} }),
      steps: () => [1, 2, 3],
      play: () => async () => ({ isWhole: true })
    },
    files: { shrinkSchedule: { play: () => async (_seed, part) => ({ isWhole: !part.includes(2) }) } },
    notRun: {
      forecast: 'simulates a network for minutes',
      addClient: 'composes a client',
      createVirtualPeer: 'needs a peer'
    }
  }
}
