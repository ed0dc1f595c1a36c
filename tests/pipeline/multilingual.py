"""Short texts in many languages, with their tokens as Llama 4's own tokenizer counts them."""

TOKENS = {
    # en
    (
        "The pump in hall nine moves 420 litres of water a minute. It"
        "s filter must be changed every 200 hours of operation, unles"
        "s the water is soft; the supervisor writes down each change "
        "in the log book, with the date and his name. A pressure drop"
        " of more than 3.5 bar shows that the impeller is worn."
    ): 69,
    # de
    (
        "Die Pumpe in Halle neun fördert 420 Liter Wasser pro Minute."
        " Ihr Filter muss alle 200 Betriebsstunden gewechselt werden,"
        " es sei denn, das Wasser ist weich; der Aufseher trägt jeden"
        " Wechsel mit Datum und Namen in das Betriebsbuch ein. Ein Dr"
        "uckabfall von mehr als 3,5 bar zeigt, dass das Laufrad versc"
        "hlissen ist."
    ): 79,
    # fr
    (
        "La pompe du hall neuf débite 420 litres d'eau par minute. So"
        "n filtre doit être remplacé toutes les 200 heures de fonctio"
        "nnement, sauf si l'eau est douce ; le responsable note chaqu"
        "e remplacement dans le registre, avec la date et son nom. Un"
        "e chute de pression de plus de 3,5 bars montre que la roue e"
        "st usée."
    ): 73,
    # es
    (
        "La bomba de la nave nueve mueve 420 litros de agua por minut"
        "o. Su filtro debe cambiarse cada 200 horas de funcionamiento"
        ", a menos que el agua sea blanda; el supervisor anota cada c"
        "ambio en el libro de registro, con la fecha y su nombre. Una"
        " caída de presión de más de 3,5 bares muestra que el rodete "
        "está desgastado."
    ): 78,
    # it
    (
        "La pompa del capannone nove sposta 420 litri d'acqua al minu"
        "to. Il suo filtro deve essere cambiato ogni 200 ore di funzi"
        "onamento, a meno che l'acqua non sia dolce; il responsabile "
        "annota ogni cambio nel registro, con la data e il suo nome. "
        "Una caduta di pressione di oltre 3,5 bar indica che la giran"
        "te è usurata."
    ): 80,
    # pt
    (
        "A bomba do pavilhão nove movimenta 420 litros de água por mi"
        "nuto. O filtro deve ser trocado a cada 200 horas de funciona"
        "mento, a menos que a água seja macia; o supervisor anota cad"
        "a troca no livro de registro, com a data e o seu nome. Uma q"
        "ueda de pressão de mais de 3,5 bar mostra que o rotor está g"
        "asto."
    ): 78,
    # id
    (
        "Pompa di aula sembilan memindahkan 420 liter air per menit. "
        "Saringannya harus diganti setiap 200 jam kerja, kecuali jika"
        " airnya lunak; pengawas mencatat setiap penggantian dalam bu"
        "ku catatan, dengan tanggal dan namanya. Penurunan tekanan le"
        "bih dari 3,5 bar menunjukkan bahwa impeler sudah aus."
    ): 66,
    # tl
    (
        "Ang bomba sa ikasiyam na bulwagan ay naglilipat ng 420 litro"
        " ng tubig bawat minuto. Dapat palitan ang salaan nito tuwing"
        " 200 oras ng paggamit, maliban kung malambot ang tubig; isin"
        "usulat ng tagapangasiwa ang bawat pagpapalit sa talaan, kasa"
        "ma ang petsa at ang kanyang pangalan."
    ): 76,
    # vi
    (
        "Máy bơm ở nhà xưởng số chín bơm 420 lít nước mỗi phút. Bộ lọ"
        "c của nó phải được thay sau mỗi 200 giờ vận hành, trừ khi nư"
        "ớc mềm; người giám sát ghi lại mỗi lần thay vào sổ, kèm ngày"
        " tháng và tên của mình. Áp suất giảm hơn 3,5 bar cho thấy cá"
        "nh bơm đã mòn."
    ): 72,
    # hi
    (
        "हॉल नौ का पंप प्रति मिनट 420 लीटर पानी पहुँचाता है। इसका फ़ि"
        "ल्टर हर 200 घंटे के संचालन के बाद बदला जाना चाहिए, जब तक कि "
        "पानी मृदु न हो; पर्यवेक्षक प्रत्येक बदलाव को तारीख और अपने न"
        "ाम के साथ रजिस्टर में लिखता है।"
    ): 71,
    # th
    (
        "ปั๊มในอาคารเก้าสูบน้ำได้ 420 ลิตรต่อนาที ต้องเปลี่ยนไส้กรองท"
        "ุก 200 ชั่วโมงการทำงาน เว้นแต่น้ำจะเป็นน้ำอ่อน หัวหน้างานจะบ"
        "ันทึกการเปลี่ยนทุกครั้งลงในสมุดพร้อมวันที่และชื่อของตน"
    ): 64,
    # ar
    (
        "تضخ المضخة في القاعة التاسعة 420 لترا من الماء في الدقيقة. ي"
        "جب تغيير مرشحها كل 200 ساعة تشغيل، إلا إذا كان الماء يسرا؛ و"
        "يسجل المشرف كل تغيير في السجل مع التاريخ واسمه."
    ): 59,
    # ru
    (
        "Насос в девятом цехе перекачивает 420 литров воды в минуту. "
        "Его фильтр необходимо менять каждые 200 часов работы, если т"
        "олько вода не мягкая; мастер записывает каждую замену в журн"
        "ал с датой и своим именем."
    ): 48,
    # ja
    (
        "九号棟のポンプは毎分420リットルの水を送ります。水が軟水でない限り、フィルターは200時間の運転ごとに交換しなければな"
        "りません。"
    ): 37,
    # zh
    (
        "九号厂房的水泵每分钟输送420升水。除非水质较软，否则每运行200小时必须更换一次过滤器；主管会在日志中记录每次更换的日"
        "期和姓名。"
    ): 41,
    # ko
    (
        "9동의 펌프는 분당 420리터의 물을 보냅니다. 물이 연수가 아닌 한 필터는 200시간 운전할 때마다 교체해"
        "야 합니다."
    ): 36,
    # el
    (
        "Η αντλία στην αίθουσα εννέα μετακινεί 420 λίτρα νερού το λεπ"
        "τό. Το φίλτρο της πρέπει να αλλάζει κάθε 200 ώρες λειτουργία"
        "ς."
    ): 43,
    # he
    (
        "המשאבה באולם תשע מזרימה 420 ליטר מים בדקה. יש להחליף את המסנ"
        "ן שלה כל 200 שעות פעולה, אלא אם המים רכים."
    ): 46,
    # code
    (
        'def flow(pump: Pump, minutes: float) -> float:\n    """Return'
        ' litres moved."""\n    if pump.is_off or minutes <= 0:\n      '
        "  return 0.0\n    return pump.litres_per_minute * minutes\n"
    ): 49,
    # table
    (
        "| Hall | 2023 | 2024 |\n|------|------|------|\n| North | 1,250 | 1,300 |\n| South | 980 | 940 |\n"
    ): 38,
}
