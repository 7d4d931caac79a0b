/** "Did you mean": the engine, which knows the names in the data, has it. */
export { nearest } from '@journey/engine';
