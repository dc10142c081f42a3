/** Fails to compile unless its argument is `true`. */
export type Locked<T extends true> = T

/** Whether a value of the first type can be handed to whoever needs the second. */
export type Fits<Given, Needed> = [Given] extends [Needed] ? true : false

/** Whether two types are one: for unions that cross layers, where a member too many is as wrong as one too few. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
