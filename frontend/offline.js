// @ts-check
/** The page without a network: in the person's language, and back as soon as there is one. */

/** Few words, kept here: without a network no other file can be fetched. Heading, text, button. */
/** @type {Record<string, [string, string, string]>} */
const WORDS = {
  es: ["Estás sin conexión.", "La página vuelve sola cuando vuelva la red.", "Reintentar"],
  pt: ["Você está offline.", "A página volta sozinha quando a rede voltar.", "Tentar de novo"],
  fr: ["Vous êtes hors ligne.", "La page revient d’elle-même avec le réseau.", "Réessayer"],
  de: ["Du bist offline.", "Die Seite kehrt mit dem Netz von selbst zurück.", "Noch einmal"],
  ar: ["أنت غير متصل.", "ستعود الصفحة وحدها عندما تعود الشبكة.", "أعد المحاولة"],
  hi: ["आप ऑफ़लाइन हैं।", "नेटवर्क लौटते ही पेज अपने आप लौट आएगा।", "फिर कोशिश करें"],
  zh: ["你已离线。", "网络恢复后，页面会自动回来。", "重试"],
  ja: ["オフラインです。", "ネットワークが戻れば、ページも自動で戻ります。", "もう一度"],
  ru: ["Вы не в сети.", "Страница вернётся сама, когда появится сеть.", "Повторить"],
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
