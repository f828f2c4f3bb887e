import { QuantityError } from "@guise/contract";
import { InvalidArgumentError } from "commander";

/** A quantity that cannot be read is the caller's mistake, told with what can. */
export function quantity<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      if (error instanceof QuantityError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}
