namespace GenesysSimulator.World.Agents;

/// <summary>Names from many cultures. Each name is used once, except for intentional duplicates.</summary>
internal sealed class AgentNames(ulong seed)
{
    // The first agents get these names, so even small organizations contain them. "=Nia Okafor" starts like a spreadsheet formula.
    private static readonly string[] SpecialCases =
    [
        "Maria Schmidt", "Jürgen Großmüller", "佐藤 花子", "=Nia Okafor", "Maria Schmidt", "Łukasz Żółtowski", "Siobhán O'Brien-Nuñez",
        "María del Pilar Teresa Cayetana de la Santísima Trinidad Fernández de Córdoba y Álvarez de Toledo", "Χρήστος Παπαδόπουλος",
        "Smith, Jr., \"Bob\"", "이 서연", "نور الهاشمي",
    ];

    private static readonly Culture[] Cultures =
    [
        new(380, "Anna Lukas Katrin Jörg Sabine Tobias Ulrike Matthias Heike Björn Claudia Stefan Günther Melanie Andreas Petra Felix Käthe Jonas Silke",
            "Müller Schneider Weber Schäfer Köhler Lehmann Krüger Hofmann Böhm Vogel Jäger Winter Brandt Seidel Günther Voß Kühn Thoma Lindner Pfeiffer"),
        new(210, "Olivia James Emily Oliver Charlotte Harry Amelia George Isla Callum Grace Rhys Aoife Ciarán Zoe Nathan Hannah Declan Poppy Ewan",
            "Taylor Walker Hughes Evans O'Connor MacLeod Byrne Bennett Clarke Whitfield Doyle Fraser Palmer Griffiths Murray Hart Kelly Reid Shaw Barnes"),
        new(110, "Lucía Mateo Carmen Íñigo Sofía Álvaro Inés Joaquín Begoña Hugo Núria Rubén João Beatriz Gonçalo Leonor",
            "García Muñoz Ibáñez Peña Vázquez Núñez Romero Castaño Silva Conceição Araújo Magalhães Teixeira Simões Ortega Güell"),
        new(70, "Ayşe Mehmet Zeynep Çağrı Elif Öykü Emre Şule Gökhan Derya", "Yılmaz Öztürk Çelik Şahin Aydın Güneş Doğan Kılıç Arslan Erdoğdu"),
        new(60, "Agnieszka Paweł Małgorzata Michał Łucja Grzegorz Jiří Zdeněk Markéta Ondřej", "Nowak Wiśniewski Wójcik Kamiński Dąbrowski Dvořák Černý Procházka Šimek Růžička"),
        new(50, "Élodie François Chloé Théo Aurélie Jérôme Giulia Matteo Chiara Niccolò", "Lefèvre Moreau Garçon Dubois Rossi Bianchi Esposito De Luca Marchetti Pérrin"),
        new(40, "Astrid Søren Ingrid Åsa Mikkel Elin Øyvind Sigríður", "Lindqvist Sørensen Bjørnstad Åkesson Jónsdóttir Nygård Holm Virtanen"),
        new(40, "Priya Arjun Ananya Rohan Lakshmi Vikram Nisha Farah", "Sharma Patel Iyer Reddy Krishnamurthy Khan Banerjee Nair"),
        new(20, "Nguyễn Trần Phạm Đặng", "Minh Anh Hương Thảo"),
        new(20, "佐藤 鈴木 高橋 田中", "翔太 美咲 陽子 健一"),
    ];

    private readonly HashSet<string> _used = new(SpecialCases, StringComparer.Ordinal);
    private SeededRandom _random = new(seed);
    private int _count;

    public string Next()
    {
        if (_count++ < SpecialCases.Length)
        {
            return SpecialCases[_count - 1];
        }

        for (var attempt = 0; ; attempt++)
        {
            var name = Draw(addInitial: attempt > 3);
            if (_used.Add(name))
            {
                return name;
            }
        }
    }

    private string Draw(bool addInitial)
    {
        var remaining = _random.Below(1000);
        var culture = Cultures.First(culture => (remaining -= culture.Share) < 0);
        var (first, last) = (culture.First[_random.Below(culture.First.Length)], culture.Last[_random.Below(culture.Last.Length)]);
        return addInitial ? $"{first} {(char)('A' + _random.Below(26))}. {last}" : $"{first} {last}";
    }

    private sealed class Culture(int share, string first, string last)
    {
        public int Share => share;

        public string[] First { get; } = first.Split(' ');

        public string[] Last { get; } = last.Split(' ');
    }
}
