/** MiB as people read them. */
export const sizeText = (mib: number | null): string => {
  if (mib === null) return "?"
  if (mib >= 1024 * 1024) return `${(mib / 1024 / 1024).toFixed(1).replace(/\.0$/, "")} TB`
  if (mib < 1024) return `${mib} MB`
  const gb = mib / 1024
  return `${gb < 10 ? gb.toFixed(1).replace(/\.0$/, "") : Math.round(gb)} GB`
}
