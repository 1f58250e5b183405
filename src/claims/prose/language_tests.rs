use super::*;

const ENGLISH_TEXT: &str = "This model is a small encoder for short orders to a lamp, and it was trained on the texts of the first release. It can be used with the pipeline of the library, which returns one of three classes for each sentence.";

/// Two or three sentences as they stand on cards, in many languages.
const TEXTS: &[(&str, &str)] = &[
    (
        "de",
        "Dieses Modell ist ein kleiner Encoder für kurze Befehle an eine Lampe und wurde auf den Texten der ersten Ausgabe trainiert. Es kann mit der Bibliothek geladen werden und gibt für jeden Satz eine von drei Klassen zurück, die nicht immer stimmt.",
    ),
    (
        "fr",
        "Ce modèle est un petit encodeur pour les ordres courts donnés à une lampe, et il a été entraîné sur les textes de la première version. Il est utilisé avec la bibliothèque, qui donne une des trois classes pour chaque phrase dans cette liste.",
    ),
    (
        "es",
        "Este modelo es un pequeño codificador para las órdenes cortas a una lámpara y fue entrenado con los textos de la primera versión. Se puede usar con la biblioteca, pero también sin ella, y devuelve una de las tres clases para cada frase.",
    ),
    (
        "pt",
        "Este modelo é um pequeno codificador para ordens curtas a uma lâmpada e foi treinado com os textos da primeira versão. Não é perfeito, mas pode ser usado também em português, pelo menos com as três classes que são devolvidas para cada frase.",
    ),
    (
        "it",
        "Questo modello è un piccolo codificatore per gli ordini brevi a una lampada, ed è stato addestrato con i testi della prima versione. Non è perfetto, ma può essere usato anche nel browser, e il risultato è una delle tre classi che sono nella lista.",
    ),
    (
        "ca",
        "Aquest model és un petit codificador per als ordres curts a un llum, i també funciona amb els textos de la primera versió. Els resultats són bons, però aquesta versió no és perfecta amb les frases llargues dels usuaris.",
    ),
    (
        "ro",
        "Acest model este un mic codificator pentru comenzi scurte către o lampă și a fost antrenat cu textele din prima versiune. Rezultatele sunt bune, dar modelul nu este perfect, mai ales pentru fraze care sunt lungi sau scrise prin vorbire.",
    ),
    (
        "nl",
        "Dit model is een kleine encoder voor korte opdrachten aan een lamp, en werd getraind met de teksten van de eerste versie. De resultaten zijn niet altijd goed, maar voor deze taak wordt het model door veel mensen gebruikt bij lange zinnen.",
    ),
    (
        "sv",
        "Den här modellen är en liten kodare för korta order till en lampa och har tränats på texter från den första utgåvan. Resultaten är inte alltid rätt, men modellen används också för långa meningar som är talade, och det är ett bra tecken.",
    ),
    (
        "da",
        "Denne model er en lille encoder til korte ordrer til en lampe og blev trænet på tekster af mange slags. Resultaterne bliver ikke altid gode, men modellen kan bruges efter en kort pause mellem sætninger, og uden mere data kan den være svær.",
    ),
    (
        "no",
        "Denne modellen er en liten koder til korte ordrer til en lampe og ble trent på tekster av mange slag. Resultatene blir ikke alltid gode, men modellen kan brukes etter en kort pause mellom setninger, og uten mer data blir den dårlig av og til.",
    ),
    (
        "fi",
        "Tämä malli on pieni kooderi, joka on koulutettu lyhyille käskyille lampulle. Tulokset ovat hyviä, mutta pitkät lauseet ovat vaikeita, sekä puheessa että tekstissä. Mallia voidaan käyttää kirjaston kanssa, ja se on nopeampi kuin muut, tai ainakin myös pienempi.",
    ),
    (
        "pl",
        "Ten model jest małym koderem dla krótkich poleceń do lampy i został wytrenowany na tekstach z pierwszej wersji. Wyniki nie są zawsze dobre, ale model jest używany także przez firmy oraz osoby, które piszą długie zdania, lub tak jak tutaj.",
    ),
    (
        "cs",
        "Tento model je malý kodér pro krátké příkazy pro lampu a byl natrénován na textech první verze. Výsledky jsou dobré, nebo aspoň lepší, také pro věty, které jsou dlouhé. Používá se pomocí knihovny, která byla napsána pro jeho předchůdce.",
    ),
    (
        "sk",
        "Tento model je malý kodér pre krátke príkazy pre lampu a bol natrénovaný na textoch prvej verzie. Výsledky sú dobré, alebo aspoň lepšie, pre vety, ktoré sú dlhé. Používa sa pomocou knižnice, ktorá bola napísaná pre jeho predchodcu, tiež ako model.",
    ),
    (
        "hu",
        "Ez a modell egy kis kódoló, amely rövid parancsokat ért, és az első kiadás szövegein volt tanítva. Az eredmények nem mindig jók, de ez csak a hosszú mondatok miatt van, valamint a zaj által, vagy azért, hogy egy szó hiányzik a mondatok között.",
    ),
    (
        "tr",
        "Bu model bir lambaya verilen kısa komutlar için küçük bir kodlayıcı olarak eğitildi ve ilk sürümün metinleri ile hazırlandı. Sonuçlar çok iyi, ancak uzun cümleler için daha fazla veri gibi şeyler gerekir. Bu model kütüphane ile kullanılır ve hızlı olan bir araçtır.",
    ),
    (
        "vi",
        "Mô hình này là một bộ mã hóa nhỏ cho các câu lệnh ngắn và được huấn luyện trên văn bản của phiên bản đầu tiên. Kết quả không phải lúc nào cũng tốt, nhưng có thể dùng với những câu dài trong thư viện để phân loại từ ngữ.",
    ),
    (
        "ru",
        "Эта модель представляет собой небольшой кодировщик для коротких команд лампе, и она была обучена на текстах первой версии. Результаты не всегда хорошие, но модель также можно использовать для длинных фраз, чтобы понять, как это работает или что не работает.",
    ),
    (
        "uk",
        "Ця модель є невеликим кодувальником для коротких команд лампі, і вона була навчена на текстах першої версії. Результати не завжди добрі, але це також працює для довгих речень, які сказані вголос, щоб зрозуміти, що та як працює або якщо є шум.",
    ),
    (
        "bg",
        "Този модел е малък кодировчик за кратки команди към лампа и беше обучен с текстове от първата версия. Резултатите са добри, но това не е всичко, което може да се направи със системата, която ще се използва като пример за дълги изречения, от които се учи.",
    ),
    (
        "ar",
        "هذا النموذج هو مشفر صغير يفهم الأوامر القصيرة التي تقال إلى المصباح، وقد تم تدريبه على نصوص من الإصدار الأول. النتائج جيدة في هذا المجال، ولكن الجمل الطويلة صعبة على هذا النموذج الذي يعمل في ثلاث لغات.",
    ),
    (
        "fa",
        "این مدل یک رمزگذار کوچک است که برای دستورهای کوتاه به چراغ ساخته شده است و با متن های نسخه اول آموزش دیده است. نتایج را می توان با کتابخانه از نو ساخت، و این کار برای جمله های بلند که زیاد هستند سخت است.",
    ),
    (
        "ur",
        "یہ ماڈل ایک چھوٹا انکوڈر ہے جو چراغ کے مختصر احکامات کو سمجھتا ہے اور اسے پہلے ورژن کے متن سے تربیت دیا گیا ہے۔ اس کے نتائج اچھے ہیں لیکن لمبے جملوں میں یہ ماڈل غلطی کر سکتا ہے اور اس کی رفتار کم ہے۔",
    ),
    (
        "hi",
        "यह मॉडल एक छोटा एनकोडर है जो दीपक के छोटे आदेशों को समझता है और इसे पहले संस्करण के पाठ पर प्रशिक्षित किया गया है। इसके परिणाम अच्छे हैं लेकिन लंबे वाक्यों में यह गलती कर सकता है और इस काम के लिए अधिक डेटा चाहिए।",
    ),
    (
        "mr",
        "हे मॉडेल दिव्यासाठी लहान आदेश समजणारे एक छोटे एन्कोडर आहे आणि ते पहिल्या आवृत्तीच्या मजकुरावर प्रशिक्षित केले आहे. याचे निकाल चांगले आहेत आणि हे मॉडेल या कामासाठी योग्य आहे, पण ही पहिली आवृत्ती आहे.",
    ),
    (
        "ja",
        "このモデルはランプへの短い命令を分類する小さなエンコーダーです。最初の版のテキストで学習しました。結果はいつも正しいとは限りませんが、長い文にも使うことができます。ライブラリで読み込んでください。",
    ),
    (
        "zh",
        "本模型是一个用于台灯短指令分类的小型编码器，使用第一版的文本进行训练。结果并不总是正确，但也可以用于较长的句子。请使用该库加载模型，并将句子作为输入，模型会返回三个类别中的一个。",
    ),
    (
        "ko",
        "이 모델은 램프에 대한 짧은 명령을 분류하는 작은 인코더이며 첫 번째 버전의 텍스트로 학습되었습니다. 결과가 항상 옳은 것은 아니지만 긴 문장에도 사용할 수 있습니다. 라이브러리로 모델을 불러온 다음 문장을 입력하면 세 가지 중 하나를 돌려줍니다.",
    ),
    (
        "th",
        "โมเดลนี้เป็นตัวเข้ารหัสขนาดเล็กสำหรับคำสั่งสั้นๆ ที่พูดกับโคมไฟ และได้รับการฝึกด้วยข้อความของรุ่นแรก ผลลัพธ์ไม่ถูกต้องเสมอไป แต่สามารถใช้กับประโยคยาวได้เช่นกัน",
    ),
    (
        "el",
        "Αυτό το μοντέλο είναι ένας μικρός κωδικοποιητής για σύντομες εντολές σε μια λάμπα και εκπαιδεύτηκε με τα κείμενα της πρώτης έκδοσης. Τα αποτελέσματα δεν είναι πάντα σωστά, αλλά μπορεί να χρησιμοποιηθεί και για μεγάλες προτάσεις.",
    ),
    (
        "he",
        "המודל הזה הוא מקודד קטן לפקודות קצרות למנורה, והוא אומן על הטקסטים של הגרסה הראשונה. התוצאות אינן תמיד נכונות, אבל אפשר להשתמש בו גם למשפטים ארוכים שנאמרים בקול רם, ולקבל אחת משלוש קבוצות.",
    ),
    (
        "bn",
        "এই মডেলটি একটি ছোট এনকোডার যা বাতির ছোট আদেশ বোঝে এবং প্রথম সংস্করণের পাঠ্য দিয়ে প্রশিক্ষিত হয়েছে। ফলাফল সবসময় সঠিক নয়, কিন্তু দীর্ঘ বাক্যের জন্যও এটি ব্যবহার করা যায়।",
    ),
    (
        "ta",
        "இந்த மாதிரி விளக்குக்கான குறுகிய கட்டளைகளை வகைப்படுத்தும் ஒரு சிறிய குறியாக்கி ஆகும். இது முதல் பதிப்பின் உரைகளில் பயிற்சி செய்யப்பட்டது. முடிவுகள் எப்போதும் சரியாக இருக்காது, ஆனால் நீண்ட வாக்கியங்களுக்கும் பயன்படுத்தலாம்.",
    ),
];

fn of(text: &str) -> Option<&'static str> {
    detect([text].into_iter())
}

#[test]
fn languages() {
    let wrong: Vec<_> = TEXTS
        .iter()
        .map(|(code, text)| (*code, of(&format!("{text} ").repeat(3))))
        .filter(|(code, found)| *found != Some(*code))
        .collect();
    assert_eq!(wrong, []);
}

#[test]
fn a_little_english_in_it_does_no_harm() {
    for (code, text) in TEXTS {
        let mixed = format!("{text} Transformer fine-tuning GPU LoRA checkpoint. ").repeat(3);
        assert_eq!(of(&mixed), Some(*code), "{code}");
    }
}

#[test]
fn silence() {
    assert_eq!(of(&format!("{ENGLISH_TEXT} ").repeat(3)), None);
    for (code, text) in TEXTS {
        assert_eq!(of(text.split_once(' ').map_or("", |(first, _)| first)), None, "{code}: too short");
        assert_eq!(of(&format!("{text} {ENGLISH_TEXT} ").repeat(3)), None, "{code}: half of it is English");
    }
    for text in [
        // Galician, Afrikaans, Malay, Indonesian (too close to Malay), Croatian, Estonian, Azerbaijani, Serbian, Kazakh, Latin, Finnish names.
        "Este modelo é un pequeno codificador para ordes curtas a unha lámpada e foi adestrado cos textos da primeira versión. Non é perfecto, pero tamén pode usarse con frases máis longas, polo menos coa axuda da biblioteca e dos usuarios.",
        "Hierdie model is 'n klein enkodeerder vir kort opdragte aan 'n lamp, en dit is deur mense met tekste van die eerste weergawe geleer. Die resultate is nie altyd goed nie, maar dit word ook vir lang sinne gebruik wat hulle sê.",
        "Model ini ialah pengekod kecil untuk arahan pendek kepada lampu, dan telah dilatih dengan teks daripada versi pertama. Keputusannya tidak selalu baik kerana ayat panjang tidak boleh dibaca, atau bahawa data ini sahaja yang ada pada masa itu.",
        "Model ini adalah encoder kecil untuk perintah pendek yang dapat dipakai dengan lampu, dan dilatih pada teks dari versi pertama. Hasilnya tidak selalu baik, karena kalimat panjang atau lisan belum ada pada data ini.",
        "Ovaj model je mali koder za kratke naredbe lampi i treniran je na tekstovima prve verzije. Rezultati nisu uvijek dobri, ali se model koristi i za duge rečenice koje su izgovorene, što je bolje nego ništa, kao i sa šumom od ulice.",
        "See mudel on väike kooder, mis on õpetatud lühikeste käskude jaoks lambile, ning oli treenitud esimese versiooni tekstidel. Tulemused ei ole alati head, kui laused on pikad, või et müra on suur, ja ka see on teada.",
        "Bu model lampaya verilən qısa əmrlər üçün kiçik kodlayıcıdır və birinci versiyanın mətnləri ilə öyrədilib. Nəticələr həmişə yaxşı deyil, amma uzun cümlələr üçün də istifadə edilə bilər, daha çox məlumat olan kimi.",
        "Овај модел је мали кодер за кратке команде лампи и обучен је на текстовима прве верзије. Резултати нису увек добри, али се модел користи и за дуге реченице које су изговорене, што је боље него ништа, као и са шумом.",
        "Бұл модель шамға берілетін қысқа бұйрықтарға арналған шағын кодтаушы болып табылады және бірінші нұсқаның мәтіндерінде үйретілген. Нәтижелер әрқашан жақсы емес, бірақ ұзын сөйлемдер үшін де қолдануға болады.",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat.",
        "Kara Mika Ville Jari Oulu Turku Espoo lamp model base large xl v2 int8 fp16 bf16 gguf awq gptq q4 q5 q8 lora dpo sft ppo kto orpo grpo mmlu arc gsm8k hellaswag winogrande truthfulqa bbh ifeval musr gpqa",
    ] {
        assert_eq!(of(&format!("{text} ").repeat(3)), None, "{text}");
    }
}

#[test]
fn a_long_text_costs_no_more_than_its_start() {
    let text = format!("{} ", TEXTS[0].1).repeat(20_000);
    assert_eq!(of(&text), Some("de"));
    assert_eq!(of(&"ж".repeat(3_000_000)), None);
}
