/** How often a process looks at what is due. */
export const stepEveryMs = 20

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
