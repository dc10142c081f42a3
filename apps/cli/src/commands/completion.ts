import { commandTree } from '@status-stack/command-line'
import { defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'

/** A script with which a shell completes commands and flags. */
export const completion = defineCommand({
  name: 'completion',
  summary: 'print a completion script',
  positions: [['<shell>', 'whose script', ['bash', 'zsh', 'fish']]],
  examples: [
    ['bash', 'completion bash > ~/.local/share/bash-completion/completions/status-stack'],
    ['zsh', 'completion zsh > ~/.zfunc/_status-stack'],
    ['fish', 'completion fish > ~/.config/fish/completions/status-stack.fish']
  ],
  load: () => import('@status-stack/command-line/completion'),
  run: async ({ output, program, args: [shell = ''] }, { generators }) => {
    const make = generators[shell]
    if (make === undefined)
      throw new CliError('usage', 'shell', `no completion for ${shell}`, 'choose bash, zsh or fish')
    const script = make(program.name(), commandTree(program))
    output.verbatim({ event: 'script', shell, script }, script)
  }
})
