// @ts-check
/** The page's first language. On its own, so that it is fetched and shown before the rest of the page's modules are. */

import { chooseLanguage, speak } from "./language.js";
import { recall } from "./preferences.js";

export const spoken = speak(chooseLanguage(recall("language"), navigator.languages));
