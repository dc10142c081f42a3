/** The profile that is used without `--profile`. */
export const defaultProfile = 'default'
