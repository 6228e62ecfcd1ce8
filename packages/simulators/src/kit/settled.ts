/** Makes a function of the world run on a world that lives now: brought up to date before it and after it. */
export const settled =
  (settle: () => void) =>
  <A extends readonly unknown[], B>(run: (...args: A) => B) =>
  (...args: A): B => {
    settle()
    const result = run(...args)
    settle()
    return result
  }
