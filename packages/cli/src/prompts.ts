/*
 * Loaded when somebody is asked. Those that are used, by name, so that the bundle leaves out the others.
 */
export { confirm, input, password, select } from "@inquirer/prompts"
