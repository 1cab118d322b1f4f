// @ts-check
/** The page without a network: in the person's language, and back as soon as there is one. */

/** Few words, kept here: without a network no other file can be fetched. Heading, text, button. */
/** @type {Record<string, [string, string, string]>} */
const WORDS = {
  es: ["Estás sin conexión.", "Esta página volverá cuando recuperes la conexión.", "Reintentar"],
  pt: ["Você está offline.", "Esta página volta quando a internet voltar.", "Tentar de novo"],
  fr: ["Vous êtes hors ligne.", "Cette page reviendra dès que vous serez de nouveau en ligne.", "Réessayer"],
  de: ["Du bist offline.", "Sobald du wieder Netz hast, geht es hier weiter.", "Noch einmal"],
  ar: ["أنت غير متصل بالإنترنت.", "ستعود هذه الصفحة حين يعود الاتصال.", "حاول مجددًا"],
  hi: ["आप ऑफ़लाइन हैं।", "इंटरनेट लौटते ही यह पेज वापस आ जाएगा।", "फिर कोशिश करें"],
  zh: ["你已离线。", "网络恢复后，本页会自动回来。", "重试"],
  ja: ["オフラインです。", "ネットワークが戻ると、このページも自動で戻ります。", "もう一度試す"],
  ru: ["Нет интернета.", "Страница вернётся, когда он появится.", "Попробовать ещё раз"],
};

/** The browser's own word about the network is a hint at best, so the server is asked, too. */
const ASK_EVERY_MS = 10_000;

speak();
window.addEventListener("online", () => location.replace("/"));
setInterval(askServer, ASK_EVERY_MS);

function speak() {
  const wanted = [chosen(), ...navigator.languages].map((each) => each.split("-")[0]);
  const tag = wanted.find((each) => each === "en" || each in WORDS);
  if (tag === undefined || tag === "en") return;
  document.documentElement.lang = tag;
  document.documentElement.dir = tag === "ar" ? "rtl" : "ltr";
  ["title", "text", "again"].forEach((id, index) => {
    const element = document.getElementById(id);
    if (element !== null) element.textContent = WORDS[tag][index];
  });
}

function chosen() {
  try {
    return String(JSON.parse(localStorage.getItem("passerby.language") ?? '""'));
  } catch {
    return "";
  }
}

async function askServer() {
  try {
    await fetch("/config.json", { cache: "no-store" });
    location.replace("/");
  } catch {
    // Still nothing.
  }
}
