# SPDX-License-Identifier: Apache-2.0
"""Tables that several topics share."""

ONE = ["CREATE TABLE one (x INTEGER)", "INSERT INTO one VALUES (1)"]

NUMBERS = ONE + [
    "CREATE TABLE num (id INTEGER, a INTEGER, b INTEGER, c DECIMAL(10,2), d DECIMAL(12,4), f BOOLEAN)",
    "INSERT INTO num VALUES (1,10,3,1.50,0.1250,TRUE),(2,-7,2,-2.25,10.0000,FALSE),(3,0,5,0.00,-0.5000,NULL),"
    "(4,NULL,4,99999.99,NULL,TRUE),(5,7,NULL,NULL,3.1416,FALSE),(6,-7,-2,2.50,-10.0000,TRUE),(7,10,3,1.50,0.1250,NULL),"
    "(8,1000000,7,-0.01,12345.6789,FALSE)",
]

TEXTS = ONE + [
    "CREATE TABLE txt (id INTEGER, s TEXT, p TEXT)",
    "INSERT INTO txt VALUES (1,'abc','a%'),(2,'ABC','%c'),(3,'张三丰','张%'),(4,'李四','_四'),(5,NULL,'%'),(6,'第一人民医院','%医院'),"
    "(7,'a_b%c','a!_b%'),(8,' 前后 ','%'),(9,'naïve','na_ve'),(10,'x','x'),(11,'𠮷野家','𠮷%'),(12,'abcabc',NULL)",
]

DAYS = ONE + [
    "CREATE TABLE day (id INTEGER, d DATE, t TIMESTAMP, n INTEGER)",
    "INSERT INTO day VALUES (1,'2024-01-31','2024-01-31 23:59:59',1),(2,'2024-02-29','2024-02-29 00:00:00',-1),"
    "(3,'2023-12-31','2023-12-31 12:30:15.250000',30),(4,NULL,NULL,NULL),(5,'1999-01-01','1999-01-01 06:00:00',365),"
    "(6,'1970-01-01','1970-01-01 00:00:01',0),(7,'1969-12-28','1969-12-28 18:45:00',-400),(8,'2000-02-29','2000-02-29 08:08:08.000001',12)",
]

PEOPLE = [
    "CREATE TABLE dept (id INTEGER, name TEXT, parent INTEGER)",
    "INSERT INTO dept VALUES (1,'内科',NULL),(2,'外科',1),(3,'儿科',1),(4,'急诊',2),(5,NULL,NULL)",
    "CREATE TABLE emp (id INTEGER, name TEXT, dept INTEGER, pay DECIMAL(10,2), since DATE)",
    "INSERT INTO emp VALUES (1,'张三',1,5000.00,'2020-01-01'),(2,'李四',1,6000.50,'2019-05-01'),(3,'王五',2,4500.00,'2021-03-15'),"
    "(4,'赵六',NULL,7000.00,'2018-07-01'),(5,'孙七',3,NULL,'2022-01-01'),(6,'周八',2,4500.00,NULL),(7,'吴九',9,3000.00,'2023-06-30'),"
    "(8,NULL,1,5000.00,'2020-01-01')",
    "CREATE TABLE visit (emp INTEGER, room TEXT, fee DECIMAL(8,2), on_day DATE)",
    "INSERT INTO visit VALUES (1,'A',10.00,'2024-01-01'),(1,'A',20.00,'2024-01-02'),(1,'B',5.50,'2024-02-01'),(2,'A',7.00,'2024-01-15'),"
    "(2,NULL,8.25,'2024-03-01'),(3,'C',NULL,'2024-01-01'),(3,'B',12.00,'2024-02-10'),(NULL,'A',1.00,'2024-01-01'),(5,'A',30.00,NULL),"
    "(5,'C',30.00,'2024-03-05'),(7,'B',0.00,'2024-02-02'),(99,'Z',9.99,'2024-12-31'),(6,NULL,NULL,NULL)",
]

CHINESE = [
    "CREATE TABLE 患者 (编号 INTEGER, 姓名 TEXT, 性别 TEXT, 年龄 INTEGER, 街道 TEXT)",
    "INSERT INTO 患者 VALUES (1,'张伟','男',34,'城南'),(2,'王芳','女',28,'城北'),(3,'李娜','女',61,'城南'),(4,'刘洋','男',NULL,'城东'),"
    "(5,'陈静','女',45,NULL),(6,'杨光','男',8,'城北')",
    "CREATE TABLE 就诊 (患者编号 INTEGER, 科室 TEXT, 费用 DECIMAL(10,2), 日期 DATE)",
    "INSERT INTO 就诊 VALUES (1,'内科',120.50,'2024-01-05'),(1,'外科',300.00,'2024-02-11'),(2,'内科',80.00,'2024-01-20'),"
    "(3,'内科',95.25,'2024-03-02'),(3,'眼科',NULL,'2024-03-09'),(6,'儿科',60.00,'2024-02-28'),(9,'内科',10.00,'2024-04-01')",
]
