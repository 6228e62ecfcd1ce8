/** The numbers of a version: of `12.4` 12 and 4, of `12` 12 and 0; null for what is none. */
export const versionOf = (text: string): readonly [major: number, minor: number] | null => {
  const [, major, minor = "0"] = /^(\d{1,4})(?:\.(\d{1,4}))?$/.exec(text.trim()) ?? []
  return major === undefined ? null : [Number(major), Number(minor)]
}

/** Whether a version is another one or newer, number by number: 12.11 is newer than 12.2. False for what is no version. */
export const isVersionAtLeast = (version: string, least: string): boolean => {
  const [has, wants] = [versionOf(version), versionOf(least)]
  return has !== null && wants !== null && (has[0] > wants[0] || (has[0] === wants[0] && has[1] >= wants[1]))
}
