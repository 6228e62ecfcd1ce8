/*
 * Loaded when somebody is asked. The three that are used, by name, so that the bundle leaves out the others.
 */
export { confirm, password, select } from "@inquirer/prompts"
