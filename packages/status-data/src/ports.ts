/**
 * Which rules are applied: those of status-go 0.56.10, defects included, or ours, which also close the holes that it
 * leaves open. The message bytes we send are the same under both.
 */
export type Rules = 'status-go-0.56.10' | 'strict'
