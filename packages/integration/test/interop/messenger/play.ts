import { describe, inject, test } from 'vitest'
import type { Scenario } from './scenario.ts'
import { openStage } from './stage.ts'
import { titleOf } from './title.ts'

/** One test for each scenario, direction and setting, each on a stage of its own, some at a time: most of it is waiting. */
export function playAll(group: string, scenarios: readonly Scenario[]): void {
  const program = inject('messenger')
  describe.concurrent(group, () => {
    for (const scenario of scenarios) {
      for (const setting of scenario.settings) {
        for (const direction of scenario.directions) {
          test(titleOf(scenario, direction, setting), async () => {
            const stage = openStage(program, setting)
            try {
              await scenario.play(stage, direction)
            } catch (error) {
              console.error([titleOf(scenario, direction, setting), ...stage.report()].join('\n  '))
              throw error
            } finally {
              await stage.close()
            }
          })
        }
      }
    }
  })
}
