// @ts-check
/** The page's first language. In a module of its own, so that it is fetched and shown before the page's other modules. */

import { chooseLanguage, speak } from "./language.js";
import { recall } from "./preferences.js";

export const spoken = speak(chooseLanguage(recall("language"), navigator.languages));
