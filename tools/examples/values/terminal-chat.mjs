export default async () => ({
  values: { environment: () => ({ EDITOR: 'vi' }) },
  notRun: {
    runEditor: 'takes over the terminal',
    holdInterrupts: 'takes over the terminal',
    fullScreen: 'takes over the terminal',
    lineByLine: 'takes over the terminal'
  }
})
