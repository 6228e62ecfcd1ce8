/** So many colours there are; more clouds begin again with the first. */
const colors = 10

/** The class with the colour of a cloud, by its place in the list of all clouds: the same wherever it stands. */
export const cloudColor = (clouds: ReadonlyArray<string>, cloud: string): string =>
  `c${Math.max(0, clouds.indexOf(cloud)) % colors}`
