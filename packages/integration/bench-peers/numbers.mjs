export const median = list => [...list].sort((a, b) => a - b)[list.length >> 1]
export const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.round(q * (list.length - 1))]
