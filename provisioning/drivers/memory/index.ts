export { createMemoryDriver, type MemoryDriverOptions, MemoryEngine } from "./memory-driver.ts";
export { fairWeather, type Mishap, scriptedWeather, type Weather } from "./weather.ts";
